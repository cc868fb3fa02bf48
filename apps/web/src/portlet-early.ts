import { beginRequest } from './lib/begin-request.ts';
import { browserLanguage } from './lib/language-choice.ts';

// Runs before the scripts of the page have been read: what it shows first is then on its way. The list names nobody, and Argus
// refuses it where nobody is signed in.
const language = browserLanguage();
beginRequest('/api/session', language);
beginRequest('/api/new-arrivals', language);
