/** DynamoDB's protocol: an operation is a POST of JSON to `/`. A header names the operation. */

/** The first part of the header `X-Amz-Target`. A dot and the operation follow. */
export const API_VERSION = 'DynamoDB_20120810';

/** The headers of an operation, such as `PutItem`. */
export function headersFor(operation: string): Record<string, string> {
  return { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `${API_VERSION}.${operation}` };
}

/** The name of an error, such as `ResourceNotFoundException`, from its `__type`; undefined when there is none. */
export function errorName(type: unknown): string | undefined {
  // `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException`.
  return typeof type === 'string' ? type.replace(/^.*#/, '') : undefined;
}
