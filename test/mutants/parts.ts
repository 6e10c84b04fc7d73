/** The code whose mutants are tested, and the tests that must notice them. */

export interface Part {
  name: string;
  /** Files, and folders with all that is in them, from the root of the project. */
  files: readonly string[];
  /** Files and folders of test/. */
  tests: readonly string[];
}

export const PARTS: readonly Part[] = [
  {
    name: 'rules',
    files: [
      ...['aged-status', 'brief-status', 'category', 'check', 'ended-status', 'future', 'monitor-fault', 'next-status'],
      ...['plan', 'provider', 'pulse'],
      ...['recent', 'regions', 'score', 'select', 'shards', 'state', 'status', 'status-age', 'summary', 'transition'],
      'without-future',
    ].map((name) => `lib/health/${name}.ts`),
    // Not the one that replays long lives, which takes seconds.
    tests: [
      ...['aged-status', 'category', 'ended-status', 'future', 'monitor-fault', 'next-status', 'plan', 'policy'],
      ...['provider', 'pulse'],
      ...['recent', 'regions', 'score', 'select', 'shards', 'state', 'summary', 'types'],
    ].map((name) => `health/${name}.test.ts`),
  },
  {
    name: 'alerting',
    files: ['lib/health/alerting'],
    tests: ['health/alerting'],
  },
  { name: 'uptime', files: ['lib/health/uptime'], tests: ['health/uptime'] },
  {
    name: 'judgement',
    files: ['lib/probe/adapters', 'lib/probe/failure'],
    // Pure ones: an answer from a real server, or the providers' own clients, would take a second for each mutant.
    tests: [
      ...['answers', 'families', 'judge', 'model-list', 'model-name', 'request', 'request-id', 'stream'].map(
        (name) => `probe/adapters/${name}.test.ts`,
      ),
      'probe/failure',
    ],
  },
  {
    name: 'failures',
    // Not the catalogue, nor whose words each provider's answers hold: they are data, with recorded answers.
    files: [
      'advice',
      'allowance',
      'finish',
      'limits',
      'match',
      'retry-after',
      'scope',
      'sentences',
      'signature',
      'status',
    ].map((name) => `lib/failures/${name}.ts`),
    tests: [
      ...['advice', 'match', 'retry-after', 'sentences', 'signature', 'status', 'words'].map(
        (name) => `failures/${name}.test.ts`,
      ),
      'probe/failure/failure.test.ts',
    ],
  },
  {
    name: 'guard',
    // Not tunnel.ts: it only opens connections, and most of its mutants make tests wait for one that never comes.
    files: ['addresses', 'bedrock', 'google', 'guard', 'key-rights', 'message', 'proxy', 'references'].map(
      (name) => `lib/egress/${name}.ts`,
    ),
    tests: ['addresses', 'bedrock', 'google', 'guard', 'key-rights', 'message', 'proxy', 'references'].map(
      (name) => `egress/${name}.test.ts`,
    ),
  },
  {
    name: 'redaction',
    files: ['redact', 'redact-views'].map((name) => `lib/egress/${name}.ts`),
    // Not the ones that look at every piece of a key, and at what it costs, which take seconds.
    tests: ['redact', 'redact-views'].map((name) => `egress/${name}.test.ts`),
  },
  {
    name: 'store',
    files: [
      'lib/store/lease.ts',
      'lib/store/unrecorded.ts',
      ...['alerts', 'conditions', 'manual-checks', 'registrations', 'statuses', 'ticks', 'transitions', 'write-id'].map(
        (name) => `lib/store/dynamo/${name}.ts`,
      ),
    ],
    tests: ['store/dynamo', 'store/unrecorded.test.ts', 'store/unrecorded-room.test.ts'],
  },
];

/**
 * @param chosen Names of parts, or files of the project; none stands for every part.
 * @throws when one is neither.
 */
export function partsToRun(chosen: readonly string[], parts: readonly Part[] = PARTS): Part[] {
  if (chosen.length === 0) return [...parts];
  const [files, names] = [
    chosen.filter((name) => name.endsWith('.ts')),
    chosen.filter((name) => !name.endsWith('.ts')),
  ];
  const unknown = [
    ...names.filter((name) => !parts.some((part) => part.name === name)),
    ...files.filter((file) => !parts.some((part) => holds(part, file))),
  ];
  if (unknown.length > 0) {
    const expected = parts.map(({ name }) => name).join(', ');
    throw new Error(`${unknown.join(', ')}: expected a part (${expected}) or a file of one of them`);
  }
  return parts.flatMap((part) => {
    if (names.includes(part.name)) return [part];
    const own = files.filter((file) => holds(part, file));
    return own.length === 0 ? [] : [{ ...part, files: own }];
  });
}

const holds = (part: Part, file: string) => part.files.some((own) => file === own || file.startsWith(`${own}/`));
