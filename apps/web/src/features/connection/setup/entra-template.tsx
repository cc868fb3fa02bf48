import { type KeyboardEvent, useState } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { FormTextField } from '../../../ui/form-field.tsx';
import { FormSection } from '../../../ui/form-section.tsx';
import { useToast } from '../../../ui/toast-region.tsx';
import { entraDefaultScopes, entraEndpoints, tenantOf } from './entra-endpoints.ts';

interface Filled {
  readonly authorizeEndpointUrl: string;
  readonly tokenEndpointUrl: string;
  readonly defaultScopes?: string;
  readonly clientAuthentication?: 'body';
}

/**
 * Fills in a provider's endpoints for a Microsoft Entra tenant. Looks nothing up and saves nothing.
 * @param existing the provider whose endpoints are corrected: its scopes stay, as they may exceed the default
 */
export function EntraTemplate(props: {
  existing: { readonly authorizeEndpointUrl: string; readonly tokenEndpointUrl: string } | undefined;
  onFill: (values: Filled) => void;
}) {
  const { existing, onFill } = props;
  const words = useText('connection/setup').providers;
  const toast = useToast();
  const [tenant, setTenant] = useState(
    existing ? tenantOf(existing.authorizeEndpointUrl) || tenantOf(existing.tokenEndpointUrl) : '',
  );
  const [malformed, setMalformed] = useState(false);
  const fill = () => {
    const endpoints = entraEndpoints(tenant);
    setMalformed(endpoints === undefined);
    if (!endpoints) return;
    onFill(existing ? endpoints : { ...endpoints, defaultScopes: entraDefaultScopes, clientAuthentication: 'body' });
    toast(existing ? words.refilled : words.filled);
  };
  const onEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    fill();
  };
  return (
    <FormSection title={words.entra} note={existing ? words.entraNoteExisting : words.entraNote}>
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
