// Without the prefix `node:`, since `node:crypto` is replaced by this file.
// biome-ignore lint/style/useNodejsImportProtocol: it would import itself
module.exports = require('crypto');
