-- users_phone_bytes: Nothing here: `ascii_bin` compares bytes.
DO 0;
