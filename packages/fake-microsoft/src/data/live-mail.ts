import type { DirectoryUser } from './demo-company.ts';
import type { MailDraft } from './mail-item.ts';

const senders = [
  { name: '佐藤 花子', address: 'hanako.sato@contoso.example' },
  { name: '鈴木 次郎', address: 'jiro.suzuki@contoso.example' },
  { name: '青空商事 高橋', address: 'takahashi@aozora.example' },
  { name: 'ワークフローシステム', address: 'no-reply@workflow.example' },
  { name: '田中 一朗', address: 'Ichiro.Tanaka@contoso.example' },
  { name: '森 由美子', address: 'mori@northwind.example' },
];

const subjects = [
  ['打ち合わせ日程のご相談', '来週の火曜日か木曜日でご都合のよい時間をお知らせください。'],
  ['【承認依頼】休暇申請', '休暇申請が1件届いています。内容を確認して承認してください。'],
  ['資料を更新しました', '共有フォルダの提案書を更新しました。3ページ目をご覧ください。'],
  ['Re: 納品日の確認', '承知しました。予定どおり金曜日に納品いたします。'],
  ['電話がありました', '先ほど北風商会の森様からお電話がありました。折り返しをお願いします。'],
  ['【お知らせ】会議室の変更', '15時からの会議は会議室Bに変更になりました。'],
  ['日報(本日分)', '本日の訪問は3件でした。詳細は本文をご確認ください。'],
] as const;

/**
 * The next mail of the "mail keeps arriving" demo; the sequence number decides sender, text and flags, so that a run
 * is repeatable.
 */
export function makeLiveMail(user: DirectoryUser, sequence: number): MailDraft {
  const [subject, preview] = subjects[sequence % subjects.length] ?? subjects[0];
  return {
    subject: `${subject}(${sequence})`,
    from: senders[(sequence * 5 + user.surname.length) % senders.length] ?? senders[0] ?? null,
    preview: `${user.surname}さん ${preview}`,
    importance: sequence % 5 === 0 ? 'high' : 'normal',
    hasAttachments: sequence % 3 === 0,
    flagStatus: sequence % 7 === 0 ? 'flagged' : 'notFlagged',
  };
}
