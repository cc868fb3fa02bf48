import { beginRequest, discardBegun } from './lib/begin-request.ts';
import { browserLanguage } from './lib/language-choice.ts';
import { authorizationChannel, sessionChannel } from './lib/tab-channel.ts';

// Runs before the scripts of the page have been read: what it shows first is then on its way. The list names nobody, and Argus
// refuses it where nobody is signed in. Until the page listens itself, this hears what other tabs say.
sessionChannel.listen(discardBegun);
authorizationChannel.listen(discardBegun);
const language = browserLanguage();
beginRequest('/api/session', language);
beginRequest('/api/new-arrivals', language);
