/** Slack, by an incoming webhook. */

import type { ChannelOf } from '../../health/alerting/alert-settings.ts';
import { type Tone, wordsOf } from '../words/words.ts';
import type { Channel } from './channel.ts';
import { type ChannelParts, httpChannel } from './http-channel.ts';

const COLOURS: Record<Tone, string> = { bad: '#d1242f', warning: '#bf8700', good: '#1a7f37', neutral: '#6e7781' };

/** Limit of a section's text. Slack refuses a whole message with a longer one. */
const LONGEST_TEXT = 3000;

export function slackChannel(settings: ChannelOf<'slack'>, parts: ChannelParts): Channel {
  return httpChannel(
    settings,
    {
      url: settings.url,
      secret: null,
      write(message) {
        const { title, lines, tone, label, link } = wordsOf(message);
        const heading = `*${escaped(`${label}  ${title}`)}*`;
        const more = link === null ? '' : `\n<${link}|Details>`;
        const text = [heading, ...lines.map(escaped)].join('\n').slice(0, LONGEST_TEXT - more.length) + more;
        const section = { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
        const body = {
          // Shown in the notification on a phone.
          text: escaped(title),
          attachments: [{ color: COLOURS[tone], fallback: escaped(title), blocks: [section] }],
        };
        return [{ body: JSON.stringify(body) }];
      },
    },
    parts,
  );
}

/** Escapes the three characters that could make a link or notify a whole channel (`<!channel>`). */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
