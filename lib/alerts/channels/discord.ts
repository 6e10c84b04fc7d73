/** Discord, by a webhook of a channel. */

import type { ChannelOf } from '../../health/alerting/alert-settings.ts';
import { type Tone, wordsOf } from '../words/words.ts';
import type { Channel } from './channel.ts';
import { type ChannelParts, httpChannel } from './http-channel.ts';

const COLOURS: Record<Tone, number> = { bad: 0xd1242f, warning: 0xbf8700, good: 0x1a7f37, neutral: 0x6e7781 };

/** Limits of an embed. Discord refuses a whole message that exceeds one. */
const LONGEST_TITLE = 256;
const LONGEST_TEXT = 4096;

export function discordChannel(settings: ChannelOf<'discord'>, parts: ChannelParts): Channel {
  return httpChannel(
    settings,
    {
      url: settings.url,
      secret: null,
      write(message) {
        const { title, lines, tone, label, link } = wordsOf(message);
        const embed = {
          title: plain(`${label}  ${title}`).slice(0, LONGEST_TITLE),
          description: lines.map(plain).join('\n').slice(0, LONGEST_TEXT),
          color: COLOURS[tone],
          ...(link !== null && { url: link }),
          timestamp: message.kind === 'test' ? message.at : message.alerts[0].at,
        };
        // A provider's text may contain @everyone. It must not notify anybody.
        return [{ body: JSON.stringify({ embeds: [embed], allowed_mentions: { parse: [] } }) }];
      },
    },
    parts,
  );
}

/** Escapes Markdown: a provider's words must not become formatting or a link. */
function plain(text: string): string {
  return text.replace(/[\\`*_~|<>[\]()#:@]/g, '\\$&');
}
