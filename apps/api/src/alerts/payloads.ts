import { version } from '../platform/version.ts';
import { headingOf, linesOf, type Message, moreLine } from './message.ts';

/** Slack's three control characters. @see https://docs.slack.dev/messaging/formatting-message-text */
function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The body for an incoming webhook of Slack. @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export function slackPayload(message: Message): object {
  const blocks = message.items.map((item) => {
    const heading = `*<${item.url}|${slackText(headingOf(item, message.language)).replaceAll('|', '¦')}>*`;
    return [heading, ...linesOf(item, message.language).map(slackText)].join('\n');
  });
  const more = moreLine(message);
  const all = more === null ? blocks : [...blocks, more];
  return {
    text: slackText(message.subject),
    // A section has at most 3,000 characters.
    blocks: all.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text: text.slice(0, 3000) } })),
  };
}

/** Characters that Teams reads as Markdown in a text block. */
function teamsText(text: string): string {
  return text.replace(/[\\`*_[\]()#~>|]/g, '\\$&');
}

/**
 * The body for a Teams workflow "Post to a channel when a webhook request is received": a message with an adaptive card.
 * @see https://learn.microsoft.com/en-us/power-automate/overview-adaptive-cards
 */
export function teamsPayload(message: Message): object {
  const text = (content: string, more: object = {}) => ({
    type: 'TextBlock',
    text: teamsText(content),
    wrap: true,
    ...more,
  });
  const colours = {
    began: 'Attention',
    continues: 'Warning',
    ended: 'Good',
    quiet: 'Warning',
    test: 'Default',
  } as const;
  const body = message.items.flatMap((item, nth) => [
    text(headingOf(item, message.language), { weight: 'Bolder', color: colours[item.turn], separator: nth > 0 }),
    ...linesOf(item, message.language).map((line) => text(line, { spacing: 'Small' })),
  ]);
  const more = moreLine(message);
  // A card has at most six actions; the first alert's page leads to the others.
  const actions = message.items.slice(0, 1).map(({ url }) => ({
    type: 'Action.OpenUrl',
    title: message.language === 'ja' ? 'Argus で開く' : 'Open in Argus',
    url,
  }));
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: message.subject,
    msteams: { width: 'Full' },
    body: more === null ? body : [...body, text(more)],
    actions,
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

/** A plain body for whatever reads JSON. Its names are permanent. */
export function jsonPayload(message: Message): object {
  return {
    product: 'Argus',
    version,
    url: message.url,
    sentAt: message.at.toISOString(),
    subject: message.subject,
    alerts: message.items.map(({ turn, kind, title, lines, url, errorId }) => ({
      event: turn,
      kind,
      title,
      lines,
      url,
      errorId,
    })),
    more: message.more,
  };
}

/** The text of a mail. */
export function mailText(message: Message): string {
  const blocks = message.items.map((item) =>
    [headingOf(item, message.language), ...linesOf(item, message.language), item.url].join('\n'),
  );
  const more = moreLine(message);
  const sender = message.language === 'ja' ? `送信元: Argus ${message.url}` : `Sent by Argus ${message.url}`;
  return [...blocks, ...(more === null ? [] : [more]), `-- \n${sender}`].join('\n\n');
}
