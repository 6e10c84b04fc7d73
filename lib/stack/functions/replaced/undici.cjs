/**
 * Replaces `undici` in the functions by the parts that they use. Undici's own entry loads everything (fetch, cache,
 * mocks, WebSocket), which takes half of the CPU of a cold start. `undici-files` is undici's folder; see
 * ../handler-source.ts.
 */

const Agent = require('undici-files/lib/dispatcher/agent.js');
const Client = require('undici-files/lib/dispatcher/client.js');
const Dispatcher = require('undici-files/lib/dispatcher/dispatcher.js');
const errors = require('undici-files/lib/core/errors.js');
const buildConnector = require('undici-files/lib/core/connect.js');

Dispatcher.prototype.request = require('undici-files/lib/api/api-request.js');

/** Like undici's `request`, but the dispatcher is required. */
function request(url, { dispatcher, ...options }) {
  const { origin, pathname, search } = new URL(url);
  return dispatcher.request({ ...options, origin, path: pathname + search });
}

module.exports = { Agent, Client, buildConnector, errors, request };
