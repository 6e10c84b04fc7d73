/**
 * What this process has open. Test files share a process, and what one of them closed may go away while another looks: so
 * these compare with what was open before, and a test waits until nothing of its own is left.
 */

import { Server } from 'node:net';

/** The kinds of the open resources that match, such as `TCPSocketWrap` and `Timeout`. */
export function resources(kinds: RegExp): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => kinds.test(kind))
    .sort();
}

/** Those that were not open before. */
export function resourcesBeyond(before: readonly string[], kinds: RegExp): string[] {
  const rest = [...before];
  return resources(kinds).filter((kind) => {
    const place = rest.indexOf(kind);
    if (place >= 0) rest.splice(place, 1);
    return place < 0;
  });
}

/** The TCP servers that listen in this process. A closed one is among them until the next turn of the event loop. */
export function listeningServers(): Server[] {
  const { _getActiveHandles: handles } = process as unknown as { _getActiveHandles(): unknown[] };
  return handles.call(process).filter((handle): handle is Server => handle instanceof Server && handle.listening);
}
