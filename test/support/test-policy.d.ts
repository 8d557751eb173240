/** The policy that a service of the tests is built with: service.webpack.mjs says which. */
declare module 'test-policy' {
  const policy: import('claimcache').PolicyInput;
  export default policy;
}
