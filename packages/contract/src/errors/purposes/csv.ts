import type { PurposeErrors } from '../compose.ts';
import type { Cause, Causes } from '../entry.ts';
import { linesIn } from '../messages.ts';

/** A state of an import or export that the administrator can resolve in place: not a fault, and not logged. */
function refusal(status: number, ja: string, en: string): Cause {
  return { status, retry: 'no', message: linesIn(ja, en), guide: [], logged: false };
}

const causes = {
  file_invalid: {
    row: 'C1',
    status: 422,
    retry: 'no',
    message: {
      ja: ['エラー：CSVファイルが不正です。1行目はヘッダ情報を記入し、2行目以降にデータを入力してください。'],
      en: ['Error: The CSV file is not valid. Put the header in row 1 and the data from row 2 on.'],
    },
    guide: [
      {
        row: 'C1',
        condition: {
          ja: '取り込みを実行したCSVファイルに不正があった場合。',
          en: 'The CSV file that was imported is not valid.',
        },
        place: { ja: '取り込みを実行したCSVファイル', en: 'The CSV file that was imported' },
        remedy: {
          ja: 'CSVファイルは1行目にヘッダ情報、2行目以降にデータを入力し、1列目の「ユーザ名」列を削除して保存してください。',
          en: 'Put the header in row 1 and the data from row 2 on, delete column 1 「ユーザ名」 (User name), and save the file.',
        },
        menders: ['portal_admin'],
      },
    ],
    logged: false,
  },
  file_too_large: refusal(
    413,
    'CSVファイルが大きすぎます（上限 {limitMegabytes} MB）。\nファイルを分けて取り込んでください。',
    'The CSV file is too large (the limit is {limitMegabytes} MB).\nSplit it into several files and import them.',
  ),
  part_unexpected: refusal(
    409,
    'ファイルの送信が途中で途切れました。\nもう一度ファイルを選択してください。',
    'The upload was interrupted.\nChoose the file again.',
  ),
  import_running: refusal(
    409,
    '{username} が取り込みを実行しています。\n完了してから、もう一度操作してください。',
    '{username} is running an import.\nWait until it has finished, then try again.',
  ),
  import_outdated: refusal(
    409,
    '確認した後に、データが変更されました。何も取り込んでいません。\n「もう一度確認する」から、最新のデータとの差分を確認してください。',
    'The data was changed after you reviewed it. Nothing was imported.\nChoose "Review again" to see the differences from the latest data.',
  ),
  import_has_errors: refusal(
    409,
    'エラーのある行が含まれているため、取り込めません。\nファイルを修正してから、もう一度取り込んでください。',
    'The file contains rows with errors and cannot be imported.\nCorrect the file, then import it again.',
  ),
  import_not_possible: refusal(
    409,
    'この取り込みは、いまの状態ではこの操作を行えません。\n最新の状態を確認してください。',
    'This cannot be done in the current state of the import.\nCheck the latest state.',
  ),
  undo_refused: refusal(
    409,
    '取り込んだ後に変更されたデータがあるため、元に戻せません。何も変更していません。\n下の一覧の行を確認してください。ほかの行だけを元に戻すこともできます。',
    'Some of the imported rows were changed afterwards, so the import cannot be undone. Nothing was changed.\nCheck the rows below. You can also undo only the other rows.',
  ),
  import_interrupted: refusal(
    503,
    '処理が途中で中断されました。データは変更されていません。\nもう一度実行してください。',
    'The work was interrupted. No data was changed.\nTry again.',
  ),
  last_admin: refusal(
    409,
    'このファイルを取り込むと、有効な管理者がいなくなります。何も取り込んでいません。\n管理者を1人以上残してください。',
    'Importing this file would leave no active administrators. Nothing was imported.\nKeep at least one administrator.',
  ),
  own_account: refusal(
    409,
    'ご自身の役割または有効を変える行があるため、実行できません。何も変更していません。\nほかの管理者に実行してもらってください。',
    'This cannot be done because a row changes your own role or active status. Nothing was changed.\nAsk another administrator to do it.',
  ),
  character_missing: refusal(
    409,
    'Shift_JIS（CP932）にない文字が含まれているため、出力できません。\nUTF-8で出力するか、文字を修正してください。',
    'The data contains characters that are not in Shift_JIS (CP932), so it cannot be exported.\nExport it as UTF-8, or correct the characters.',
  ),
} as const satisfies Causes;

/** CSVファイル 取込・出力: row C1 of the customer's table, and other obstacles to a file. */
export const csv = { purpose: 'csv', calls: [], usesGrant: false, causes } as const satisfies PurposeErrors;
