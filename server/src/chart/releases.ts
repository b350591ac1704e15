/** The Airflow version that the newest known chart release (1.22.0) deploys when `airflowVersion` is not set. */
export const defaultAirflowVersion = '3.2.2';
