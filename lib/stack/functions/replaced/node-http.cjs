// Without the prefix `node:`, since `node:http` is replaced by this file.
// biome-ignore lint/style/useNodejsImportProtocol: it would import itself
module.exports = require('http');
