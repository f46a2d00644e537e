-- services_manage: Administrators make and delete services.
INSERT INTO role_permissions (role, permission) VALUES ('admin', 'services:manage');
