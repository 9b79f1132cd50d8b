/** Below which every operation is. */
export const API_BASE_PATH = '/admin/api';
