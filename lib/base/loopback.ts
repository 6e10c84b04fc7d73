/** Decides which names and addresses mean this machine. */

const LOOPBACK = /^(localhost|127(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}|::1|\[::1\])$/i;

/**
 * Whether a host name or address certainly means this machine: 127.0.0.0/8, ::1 (with or without brackets) and `localhost`.
 * The list is short on purpose: any other name could belong to another machine.
 */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Whether a name may mean this machine. Browsers and many resolvers also map every name that ends in `.localhost` to it. */
export function mayBeLoopbackName(hostname: string): boolean {
  return /(^|\.)localhost\.?$/i.test(hostname);
}

/** {@link isLoopbackHost} for the host of a URL; false for a text that is not a URL. */
export function isLoopbackUrl(url: string | URL): boolean {
  return URL.canParse(String(url)) && isLoopbackHost(new URL(url).hostname);
}
