/** A portal account of the demo. Its password is public. */
interface DemoAccount {
  readonly username: string;
  readonly password: string;
  readonly displayName: string;
  readonly role: 'user' | 'admin';
}

const portalUser = (name: string, displayName: string, password: string): DemoAccount => ({
  username: `${name}@argus.example`,
  password,
  displayName,
  role: 'user',
});

/** Who can sign in to the demo. */
export const demoAccounts: readonly DemoAccount[] = [
  { username: 'admin@argus.example', password: 'demo-admin-2026', displayName: '管理 一郎', role: 'admin' },
  portalUser('taro.yamada', '山田 太郎', 'demo-taro-2026'),
  portalUser('hanako.sato', '佐藤 花子', 'demo-hanako-2026'),
  portalUser('jiro.suzuki', '鈴木 次郎', 'demo-jiro-2026'),
  portalUser('saburo.ito', '伊藤 三郎', 'demo-saburo-2026'),
  portalUser('ichiro.tanaka', '田中 一朗', 'demo-ichiro-2026'),
  portalUser('shiro.kato', '加藤 四郎', 'demo-shiro-2026'),
  portalUser('goro.kobayashi', '小林 五郎', 'demo-goro-2026'),
];
