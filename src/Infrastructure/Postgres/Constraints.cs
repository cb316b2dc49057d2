using Npgsql;

namespace MediaPlatform.Infrastructure.Postgres;

/// <summary>Which constraint said no.</summary>
internal static class Constraints
{
    /// <summary>True when this uniqueness or foreign key was violated.</summary>
    public static bool IsViolationOf(this PostgresException exception, string constraint) =>
        exception.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation && exception.ConstraintName == constraint;
}
