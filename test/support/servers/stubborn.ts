/** Ways in which a service makes a caller wait or try again, for tests of stopping. */

import { answer, type Behaviour, drip } from './peer.ts';

export const STUBBORN: Readonly<Record<string, Behaviour>> = {
  'answers 503': (socket) => void socket.write(answer('', {}, '503 Service Unavailable')),
  'asks to wait a minute': (socket) => void socket.write(answer('', { 'retry-after': '60' }, '429 Too Many Requests')),
  hangs: () => {},
  drips: (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n');
    drip(socket, 'x', true);
  },
  'hangs up': (socket) => void socket.destroy(),
};
