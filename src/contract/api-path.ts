/** Below which every operation is. */
export const API = '/admin/api';
