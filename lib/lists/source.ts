/** The place of the provider list that a deployment reads while it runs. read.ts reads it. */

export type ListSource =
  | { kind: 's3'; bucket: string; key: string }
  /** The name of a parameter in SSM Parameter Store. */
  | { kind: 'ssm'; name: string };

export const LIST_SOURCE_EXPECTED = '"s3://bucket/key" or "ssm:/name"';

const S3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/([A-Za-z0-9!_.()/-]{1,512})$/;
const SSM = /^ssm:((?:\/[A-Za-z0-9_.-]{1,255}){1,15})$/;

/** Null when the text is not the place of a list. */
export function parseListSource(text: string): ListSource | null {
  const [, bucket, key] = S3.exec(text) ?? [];
  if (bucket !== undefined && key !== undefined) return { kind: 's3', bucket, key };
  const [, name] = SSM.exec(text) ?? [];
  return name === undefined ? null : { kind: 'ssm', name };
}
