# Aliases of the npm scripts, for those whose fingers know make.
.PHONY: start test test-ci check doctor format generate bench
start test check doctor format generate:
	npm run --silent $@
test-ci:
	npm run --silent test:ci
bench:
	npm run --silent bench -- $(NAME)
