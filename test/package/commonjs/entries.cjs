/** What each entry exports to `require`, and to `import` in the same process. */

(async () => {
  const names = {};
  for (const entry of ['provider-health', 'provider-health/reader', 'provider-health/cdk']) {
    const required = Object.keys(require(entry)).sort();
    const imported = Object.keys(await import(entry)).sort();
    names[entry] = { required, imported };
  }
  console.log(JSON.stringify(names));
})();
