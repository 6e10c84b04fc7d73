/** Microsoft Teams, by the webhook of a workflow ("Post to a channel when a webhook request is received"). */

import type { ChannelOf } from '../../health/alerting/alert-settings.ts';
import { type Tone, type Words, wordsOf } from '../words/words.ts';
import type { Channel } from './channel.ts';
import { type ChannelParts, httpChannel } from './http-channel.ts';

/** Names of colours in adaptive cards. */
const COLOURS: Record<Tone, string> = { bad: 'attention', warning: 'warning', good: 'good', neutral: 'default' };

export function teamsChannel(settings: ChannelOf<'teams'>, parts: ChannelParts): Channel {
  return httpChannel(
    settings,
    {
      url: settings.url,
      secret: null,
      write(message) {
        const content = adaptiveCard(wordsOf(message));
        const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
        return [{ body: JSON.stringify({ type: 'message', attachments: [attachment] }) }];
      },
    },
    parts,
  );
}

function adaptiveCard({ label, title, lines, tone, link }: Words) {
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: title,
    body: [
      textOf(`${label}  ${title}`, { weight: 'bolder', size: 'medium', color: COLOURS[tone] }),
      ...lines.map((line) => textOf(line)),
    ],
    ...(link !== null && { actions: [{ type: 'Action.OpenUrl', title: 'Details', url: link }] }),
    msteams: { width: 'Full' },
  };
}

/** A TextBlock would read a provider's words as Markdown, with its links; a TextRun shows them as they are. */
function textOf(text: string, style: Readonly<Record<string, string>> = {}) {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...style }] };
}
