/// <reference lib="dom" />

import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { createElement as h, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

// The least that shows ten messages by React and React Query: they stand in the script.

const items = Array.from({ length: 10 }, (_, index) => ({
  id: String(index),
  subject: `件名 ${index}`,
  from: `差出人 ${index}`,
  preview: '本文の冒頭が表示されます。'.repeat(4),
}));

function Rows() {
  const { data } = useQuery({ queryKey: ['items'], queryFn: async () => items, initialData: items });
  return h(
    'ul',
    null,
    data.map(({ id, subject, from, preview }) =>
      h('li', { key: id }, h('strong', null, from), h('p', null, subject), h('p', null, preview)),
    ),
  );
}

const root = document.getElementById('root');
if (root) {
  const page = h(QueryClientProvider, { client: new QueryClient() }, h(Rows));
  createRoot(root).render(h(StrictMode, null, page));
}
