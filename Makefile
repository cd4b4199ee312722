# Aliases of the npm scripts, for those whose fingers know make.
commands = start dev test check build supply doctor rebuild format generate

.PHONY: $(commands) test-ci bench seed sql help
help:
	@echo "$(commands) test-ci, bench NAME=…, seed SIZE=small|large, sql SERVICE=…"
$(commands):
	npm run --silent $@
test-ci:
	npm run --silent test:ci
bench:
	npm run --silent bench -- $(NAME)
seed:
	npm run --silent seed -- $(or $(SIZE),small)
sql:
	npm run --silent sql -- $(SERVICE)
