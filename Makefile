# Aliases of the npm scripts, for those whose fingers know make.
commands = start dev test check build supply doctor rebuild format generate sdk

.PHONY: $(commands) test-nightly bench seed sql help
help:
	@echo "$(commands) test-nightly, bench NAME=…, seed SIZE=small|large, sql SERVICE=…"
$(commands):
	npm run --silent $@
test-nightly:
	npm run --silent test:nightly
bench:
	npm run --silent bench -- $(NAME)
seed:
	npm run --silent seed -- $(or $(SIZE),small)
sql:
	npm run --silent sql -- $(SERVICE)
