/** AWS credentials from environment variables. Lambda sets them for the function's role; elsewhere a person sets them. */

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Only temporary credentials have a session token; absent or empty: there is none. */
  sessionToken?: string | undefined;
}

/** Null when the variables are not set. Call it before each request: Lambda replaces temporary credentials. */
export function credentialsOfVariables(): Credentials | null {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return null;
  return { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken: AWS_SESSION_TOKEN };
}
