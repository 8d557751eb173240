import { type Answer, type Operation, ok, operation, refused } from './operation.ts';
import { openPackage, type Package } from './package.ts';
import type { Store } from './stores.ts';

export interface Version {
  readonly number: number;
  active: boolean;
  locked: boolean;
  comment: string;
  readonly domains: Record<string, string>[];
  readonly backends: Record<string, string>[];
  /** Name in the code to the store's id. */
  readonly resources: { name: string; resource_id: string }[];
  package: Package | null;
}

export interface Service {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly versions: Version[];
}

const AT = '/service/:service/version/:version';
/** Of those that the reference lists for a backend, the ones a first publish may send. */
const BACKEND = [
  'name',
  'address',
  'port?',
  'use_ssl?',
  'override_host?',
  'ssl_cert_hostname?',
  'ssl_sni_hostname?',
];

/**
 * Services and their versions. A version that was activated is locked: nothing in it can be changed any more.
 *
 * Source: https://www.fastly.com/documentation/reference/api/services/
 */
export function serving(services: Map<string, Service>, stores: readonly Store[]): Operation[] {
  const versionOf = ({ service = '', version = '' }: Readonly<Record<string, string>>) =>
    services.get(service)?.versions.find(({ number }) => String(number) === version);

  /** An operation on a version that exists; one that writes, on a version that is not locked. */
  const at = (
    line: string,
    takes: Parameters<typeof operation>[1],
    answer: (version: Version, fields: Readonly<Record<string, string>>) => Answer | Promise<Answer>,
  ) =>
    operation(line, takes, (params, fields) => {
      const version = versionOf(params);
      if (version === undefined) return refused(404, 'no such version');
      const isWrite = !line.startsWith('GET') && !/\/(clone|activate)$/.test(line);
      return isWrite && version.locked ? refused(422, 'the version is locked') : answer(version, fields);
    });

  return [
    operation('POST /service', { form: ['name', 'type', 'comment?'] }, (_, { name = '', type = '' }) => {
      if (type !== 'vcl' && type !== 'wasm') return refused(400, 'type');
      const service: Service = {
        id: `Service${services.size + 1}made`,
        name,
        type,
        versions: [emptyVersion(1)],
      };
      services.set(service.id, service);
      return ok({ id: service.id, name, type });
    }),
    operation('DELETE /service/:service', {}, ({ service = '' }) =>
      services.delete(service) ? ok({ status: 'ok' }) : refused(404, 'no such service'),
    ),
    operation('GET /service/:service/details', {}, ({ service = '' }) => {
      const found = services.get(service);
      if (found === undefined) return refused(404, 'no such service');
      const active = found.versions.find((version) => version.active);
      const { id, name, type } = found;
      return ok({
        id,
        name,
        type,
        versions: found.versions.map(show),
        active_version: active && show(active),
      });
    }),
    operation('GET /service/:service/version', {}, ({ service = '' }) =>
      ok((services.get(service)?.versions ?? []).map(show)),
    ),
    operation(`PUT ${AT}/clone`, {}, (params) => {
      const found = services.get(params.service ?? '');
      const source = versionOf(params);
      if (found === undefined || source === undefined) return refused(404, 'no such version');
      const clone = { ...structuredClone({ ...source, package: null }), package: source.package };
      const made = {
        ...clone,
        number: Math.max(...found.versions.map(({ number }) => number)) + 1,
        active: false,
        locked: false,
      };
      found.versions.push(made);
      return ok(show(made));
    }),
    operation(`PUT ${AT}/activate`, {}, (params) => {
      const version = versionOf(params);
      if (version === undefined) return refused(404, 'no such version');
      if (version.domains.length === 0) return refused(400, 'Version has no associated domains');
      if (version.backends.length === 0) return refused(400, 'Version has no associated backends');
      if (version.package === null) return refused(400, 'Version has no associated package');
      for (const other of services.get(params.service ?? '')?.versions ?? []) other.active = false;
      Object.assign(version, { active: true, locked: true });
      return ok(show(version));
    }),
    at(`PUT ${AT}`, { form: ['comment'] }, (version, { comment = '' }) => {
      version.comment = comment;
      return ok(show(version));
    }),
    at(`GET ${AT}/domain`, {}, (version) => ok(version.domains)),
    at(`POST ${AT}/domain`, { form: ['name', 'comment?'] }, (version, { name = '' }) => {
      if (!/^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(name))
        return refused(400, 'not a domain');
      version.domains.push({ name });
      return ok({ name });
    }),
    at(`POST ${AT}/backend`, { form: BACKEND }, (version, fields) => {
      if (!/^\d{1,5}$/.test(fields.port ?? '80')) return refused(400, 'port');
      version.backends.push(fields);
      return ok(fields);
    }),
    at(
      `POST ${AT}/resource`,
      { form: ['name', 'resource_id'] },
      (version, { name = '', resource_id = '' }) => {
        if (!stores.some(({ id }) => id === resource_id)) return refused(404, 'no such store');
        version.resources.push({ name, resource_id });
        return ok({ name, resource_id });
      },
    ),
    at(`GET ${AT}/package`, {}, (version) =>
      version.package === null
        ? refused(404, 'no package')
        : ok({ metadata: { files_hash: version.package.filesHash, size: version.package.sizeBytes } }),
    ),
    at(`PUT ${AT}/package`, { multipart: ['package'] }, async (version, fields) => {
      try {
        version.package = await openPackage(fields.package as unknown as Buffer);
      } catch (cause) {
        return refused(400, `not a package: ${String(cause)}`);
      }
      return ok({ metadata: { files_hash: version.package.filesHash, size: version.package.sizeBytes } });
    }),
  ];
}

function emptyVersion(number: number): Version {
  const lists = { domains: [], backends: [], resources: [] };
  return { number, active: false, locked: false, comment: '', ...lists, package: null };
}

const show = ({ number, active, locked, comment }: Version) => ({ number, active, locked, comment });
