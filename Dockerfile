# The local monitor: one process, unprivileged, with its table in the volume /data. docs/local.md says how to run it.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm pack --silent && mkdir /app \
 && npm install --prefix /app --ignore-scripts --no-audit --no-fund \
      ./provider-health-*.tgz "dynalite@$(node -p 'require("./package.json").devDependencies.dynalite')"

FROM node:24-bookworm-slim
ENV NODE_ENV=production
COPY --from=build /app /app
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:3000/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/node_modules/provider-health/dist/cli/provider-health.js", "start", "--host", "0.0.0.0", "--data", "/data/monitor", "--password", "env:MONITOR_PASSWORD"]
