export * from '../cli/dev/local-server/ports.ts';
