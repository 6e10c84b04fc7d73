import { describe, expect, it } from 'vitest';
import { modelWarning } from '../../../lib/probe/adapters/model-name.ts';
import { configOf } from './config.ts';

const warning = (answered: string | null, model = 'gpt-6-luna') =>
  modelWarning(configOf('openai', { model }), answered);

describe('the model that answered', () => {
  it.each([
    'gpt-6-luna',
    'GPT-6-Luna',
    'openai/gpt-6-luna',
    'a/b/gpt-6-luna:free:x',
    'gpt-6-luna-latest',
    'gpt-6-luna-preview',
    'gpt-6-luna-exp',
    'gpt-6-luna-001',
    'gpt-6-luna-0125',
    'gpt-6-luna-202610',
    'gpt-6-luna-20261001',
    'gpt-6-luna@20261001',
    'gpt-6-luna-2026-10-01',
    'gpt-6-luna-12-2026',
    'gpt-6-luna-10-01',
    'gpt-6-luna-preview-10-01',
  ])('is the one that was asked for when it calls itself %s', (answered) => {
    expect(warning(answered)).toBeNull();
    expect(warning('gpt-6-luna', answered)).toBeNull();
  });

  it.each([
    'gpt-6',
    'gpt-6-sol',
    'gpt-6-luna-mini',
    'gpt-6-luna-12',
    'gpt-6-luna-12345',
    'gpt-6-luna-latest-mini',
    'gpt-6-luna001',
    'gpt-6-luna/mini',
    '',
  ])('is another when it calls itself "%s"', (answered) => {
    expect(warning(answered)).toBe(`asked for model gpt-6-luna, answered by ${answered}`);
  });

  it("is not compared where it has no name, or the name asked for is the operator's own", () => {
    expect(warning(null)).toBeNull();
    expect(modelWarning(configOf('azure', { model: 'deployment' }), 'gpt-6-luna')).toBeNull();
  });
});
