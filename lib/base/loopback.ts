/** Which names and addresses mean this machine. */

const LOOPBACK = /^(localhost|127(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}|::1|\[::1\])$/i;

/**
 * Whether a host name or address, IPv6 in brackets or not, certainly belongs to this machine: 127.0.0.0/8, ::1
 * and `localhost`. With more names, another machine could be trusted as this one.
 */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Whether a name may mean this machine: browsers and many resolvers take every name below `localhost` for it. */
export function mayBeLoopbackName(hostname: string): boolean {
  return /(^|\.)localhost\.?$/i.test(hostname);
}

/** As {@link isLoopbackHost}, of a URL. A text that is no URL is not. */
export function isLoopbackUrl(url: string | URL): boolean {
  return URL.canParse(String(url)) && isLoopbackHost(new URL(url).hostname);
}
