/**
 * Where nothing listens. No system gives this port to a program that asks for any free one, as it may give the port that
 * a server has just closed; and fetch does not block it.
 */
export const CLOSED = '127.0.0.1:2';
