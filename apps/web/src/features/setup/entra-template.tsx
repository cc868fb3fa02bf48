import { type KeyboardEvent, useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { Button } from '../../ui/button.tsx';
import { FormTextField } from '../../ui/form-field.tsx';
import { FormSection } from '../../ui/form-section.tsx';
import { useToast } from '../../ui/toast-region.tsx';
import { entraDefaultScopes, entraEndpoints } from './entra-endpoints.ts';

interface Filled {
  readonly authorizeEndpointUrl: string;
  readonly tokenEndpointUrl: string;
  readonly defaultScopes: string;
  readonly clientAuthentication: 'body';
}

/** Fills the endpoints and scopes of a new provider from a Microsoft Entra tenant. Nothing is looked up. */
export function EntraTemplate({ onFill }: { onFill: (values: Filled) => void }) {
  const words = useText('setup').providers;
  const toast = useToast();
  const [tenant, setTenant] = useState('');
  const [malformed, setMalformed] = useState(false);
  const fill = () => {
    const endpoints = entraEndpoints(tenant);
    setMalformed(endpoints === undefined);
    if (!endpoints) return;
    onFill({ ...endpoints, defaultScopes: entraDefaultScopes, clientAuthentication: 'body' });
    toast(words.filled);
  };
  const onEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    fill();
  };
  return (
    <FormSection title={words.entra} note={words.entraNote}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter in the field fills in, instead of sending the form around it */}
      <div className="argus-tenant" onKeyDown={onEnter}>
        <FormTextField
          name="tenant"
          value={tenant}
          onChange={(text) => {
            setTenant(text);
            setMalformed(false);
          }}
          label={words.tenant}
          help={words.tenantHelp}
          error={malformed ? words.tenantMalformed : undefined}
        />
        <Button onClick={fill}>{words.fill}</Button>
      </div>
    </FormSection>
  );
}
