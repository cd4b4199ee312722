/** Fan clubs, one for each host, and their members. */
export const fanClubTables = `
   CREATE TABLE live.live_fan_clubs (
     owner_id      BIGINT  PRIMARY KEY,
     member_count  INTEGER NOT NULL DEFAULT 0 CHECK (member_count >= 0),
     created_at_ms BIGINT  NOT NULL
   );
   CREATE TABLE live.live_fan_club_members (
     owner_id     BIGINT  NOT NULL,
     user_id      BIGINT  NOT NULL CHECK (user_id <> owner_id),
     is_member    BOOLEAN NOT NULL,
     experience   BIGINT  NOT NULL DEFAULT 0 CHECK (experience >= 0),
     joined_at_ms BIGINT  NOT NULL,
     PRIMARY KEY (owner_id, user_id)
   );
   CREATE INDEX live_fan_club_members_user ON live.live_fan_club_members (user_id)`;
