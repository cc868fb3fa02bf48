export const authorization = {
  title: '認証設定',
};
