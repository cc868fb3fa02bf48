import type { DirectoryUser } from './demo-company.ts';
import { graphTime, type MailDraft, type MailItem, makeMailItem } from './mail-item.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

interface AgedDraft extends MailDraft {
  /** How long before "now" the mail arrived, in milliseconds. */
  age: number;
}

/**
 * The initial mail of a mailbox: every kind that a list must be able to show, deterministic except for "now".
 * @param now milliseconds since the epoch
 */
export function makeDemoMail(user: DirectoryUser, now: number): MailItem[] {
  return demoDrafts(user).map(({ age, ...draft }, index) =>
    makeMailItem(user, index + 1, { ...draft, receivedDateTime: graphTime(now - age) }, now),
  );
}

function demoDrafts(user: DirectoryUser): AgedDraft[] {
  const internal = (name: string, local: string) => ({ name, address: `${local}@contoso.example` });
  return [
    {
      age: 4 * minute,
      subject: `【至急】${user.department ?? '全社'}の予算申請について`,
      from: internal('佐藤 花子', 'hanako.sato'),
      preview: '本日17時までに添付の様式で提出をお願いします。不明な点は内線2045までご連絡ください。',
      importance: 'high',
      hasAttachments: true,
    },
    {
      age: 18 * minute,
      subject: 'Re: 来週の定例会議の議題',
      from: internal('鈴木 次郎', 'jiro.suzuki'),
      preview: `${user.surname}さん、お疲れさまです。議題を2点追加しました。ご確認ください。`,
      flagStatus: 'flagged',
    },
    {
      age: 41 * minute,
      subject: '見積書送付の件(株式会社青空商事)',
      from: { name: '青空商事 営業担当 高橋', address: 'takahashi@aozora.example' },
      preview: 'いつもお世話になっております。ご依頼いただいた見積書をお送りいたします。',
      hasAttachments: true,
    },
    {
      age: 65 * minute,
      subject: null,
      from: internal('田中 一朗', 'Ichiro.Tanaka'),
      preview: '件名を付け忘れました。資料は共有フォルダにあります。',
    },
    { age: 2 * hour, subject: '', from: internal('伊藤 三郎', 'saburo.ito'), preview: '' },
    {
      age: 3 * hour,
      subject: '送信元のない通知',
      from: null,
      sender: null,
      preview: '差出人の情報が欠けているメールの例です。',
    },
    {
      age: 3.5 * hour,
      subject: '部門定例会議(毎週月曜日 10:00)',
      from: internal('田中 一朗', 'Ichiro.Tanaka'),
      preview: '会議室Aで行います。出欠をお知らせください。',
      type: 'eventMessageRequest',
      meetingMessageType: 'meetingRequest',
    },
    {
      age: 4 * hour,
      subject: `長い件名の例:${'とても長い件名がどこまでも続きます。'.repeat(600)}`.slice(0, 10_000),
      from: internal('山田 太郎', 'taro.yamada'),
      preview: '件名が10,000文字あります。',
    },
    {
      age: 5 * hour,
      subject: '<img src=x onerror=alert(1)>',
      from: { name: '<b>太字の差出人</b>', address: 'html@example.jp' },
      preview: '<script>alert("preview")</script> タグのように見える本文です。',
    },
    {
      age: 6 * hour,
      subject: '🎉 創立記念パーティーのご案内 🥂👨‍👩‍👧‍👦',
      from: internal('総務部 🏢', 'soumu'),
      preview: '今年も創立記念パーティーを開催します 🎂 ご家族の方もぜひご参加ください。',
    },
    {
      age: 7 * hour,
      // U+202E reverses the reading direction: "gpj.exe" then appears as "exe.jpg".
      subject: '写真\u202Egpj.exe',
      from: { name: '\u202Eまさかさ', address: 'rtl@example.jp' },
      preview: '文字の向きを変える制御文字を含む件名です。',
    },
    {
      age: 8 * hour,
      subject: '差出人名がとても長いお知らせ',
      from: {
        name: '株式会社とても長い名前の取引先ホールディングス東日本営業統括本部第三営業部法人営業課カスタマーサクセス推進担当 長谷川 権之助',
        address:
          'a.very.long.local.part.that.goes.on.and.on@sub.department.division.subsidiary.long-domain-name.example',
      },
      preview: '差出人の表示名とアドレスが長いメールの例です。',
    },
    {
      age: 9 * hour,
      subject: '[情報システム部] 今週末のメンテナンスのお知らせ',
      from: internal('管理 一郎', 'admin'),
      preview: '土曜日の22時から日曜日の6時まで、ファイルサーバを停止します。',
      isRead: true,
    },
    {
      age: day,
      subject: '出張旅費の精算が承認されました',
      from: { name: 'ワークフローシステム', address: 'no-reply@workflow.example' },
      preview: '申請番号 2045-118 の精算が承認されました。',
      isRead: true,
    },
    {
      age: day + 3 * hour,
      subject: '【要返信】年末調整の書類提出',
      from: internal('人事部', 'jinji'),
      preview: '提出期限は今月末です。未提出の方は早めにお願いします。',
      importance: 'high',
      flagStatus: 'flagged',
    },
    {
      age: 2 * day,
      subject: '社内報 第128号',
      from: internal('広報部', 'kouhou'),
      preview: '今月の特集は「働き方の工夫」です。',
      importance: 'low',
      isRead: true,
      inferenceClassification: 'other',
    },
    {
      age: 2 * day + 5 * hour,
      subject: 'Fwd: お問い合わせ:納期の確認',
      from: internal('佐藤 花子', 'hanako.sato'),
      preview: '以下の件、ご対応をお願いできますでしょうか。',
    },
    {
      age: 3 * day,
      subject: 'Your subscription has been renewed',
      from: { name: 'Fabrikam Billing', address: 'billing@fabrikam.example' },
      preview: 'Thank you for renewing. Your invoice is attached.',
      hasAttachments: true,
      isRead: true,
      inferenceClassification: 'other',
    },
    {
      age: 4 * day,
      subject: '議事録(12月度 部門会議)',
      from: internal('鈴木 次郎', 'jiro.suzuki'),
      preview: '先日の会議の議事録を送ります。修正があれば金曜日までに連絡してください。',
      hasAttachments: true,
      isRead: true,
      flagStatus: 'complete',
    },
    {
      age: 6 * day,
      subject: '名刺交換のお礼',
      from: { name: '森 由美子', address: 'mori@northwind.example' },
      preview: '先日はお時間をいただきありがとうございました。',
      isRead: true,
    },
    {
      age: 9 * day,
      subject: '髙橋様・﨑山様 ご来社の件(①会議室A)',
      from: internal('受付', 'uketsuke'),
      preview: '10時にお見えになります。機種依存文字を含む例です。',
      isRead: true,
      categories: ['来客'],
    },
    {
      age: 14 * day,
      subject: 'パスワードの有効期限が近づいています',
      from: internal('管理 一郎', 'admin'),
      preview: 'あと14日で期限が切れます。社内ポータルから変更してください。',
    },
    {
      age: 30 * day,
      subject: '健康診断の予約について',
      from: internal('健康管理室', 'kenkou'),
      preview: '予約がまだの方は、下記のURLから希望日を選択してください。',
      isRead: true,
    },
    {
      age: 90 * day,
      subject: '忘年会の出欠確認',
      from: internal('伊藤 三郎', 'saburo.ito'),
      preview: '出欠を今週中にお知らせください。',
      isRead: true,
    },
    {
      age: 400 * day,
      subject: '昨年度の契約書(控え)',
      from: internal('法務部', 'houmu'),
      preview: '保管用にお送りします。',
      hasAttachments: true,
      isRead: true,
    },
    {
      age: 3650 * day,
      subject: 'ようこそ、株式会社コントソへ',
      from: internal('人事部', 'jinji'),
      preview: '入社おめでとうございます。最初のご案内です。',
      isRead: true,
    },
  ];
}
