-- Drops everything that create_schema_3 makes, except the schema itself, which may hold what is not ours.
SET XACT_ABORT ON;
BEGIN TRANSACTION;
EXEC sys.sp_getapplock @Resource = N'Bank.StreamStore', @LockMode = N'Exclusive';
DROP PROCEDURE IF EXISTS [{schema}].[AppendGroup_1];
DROP TYPE IF EXISTS [{schema}].[AppendGroupStreams_1];
DROP TYPE IF EXISTS [{schema}].[AppendGroupAppends_1];
DROP TYPE IF EXISTS [{schema}].[AppendGroupMessages_1];
DROP TYPE IF EXISTS [{schema}].[NewStreamMessages];
DROP TABLE IF EXISTS [{schema}].[Snapshots];
DROP TABLE IF EXISTS [{schema}].[MessageArchive];
DROP TABLE IF EXISTS [{schema}].[AllStreamHead];
DROP TABLE IF EXISTS [{schema}].[Messages];
DROP TABLE IF EXISTS [{schema}].[Streams];
COMMIT TRANSACTION;
