export { default } from '../../policy.ts';
