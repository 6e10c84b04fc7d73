// Without `node:`, which stands for this file.
// biome-ignore lint/style/useNodejsImportProtocol: it would import itself
module.exports = require('crypto');
