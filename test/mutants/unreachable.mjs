/** Leaves out what cannot run: the `default` of a switch whose cases are complete, which only the compiler reads. */

const unreachable = {
  shouldIgnore({ node }) {
    const body = node.type === 'SwitchCase' && node.test === null ? node.consequent[0]?.body : undefined;
    const [first] = body ?? [];
    const name = first?.type === 'VariableDeclaration' ? first.declarations[0].id.name : undefined;
    return name === 'never' ? 'no value comes here' : undefined;
  },
};

export const strykerPlugins = [{ kind: 'Ignore', name: 'unreachable', value: unreachable }];
