-- Search and order of names (decisions/0030). The database folds names itself, so that every writer does it alike: forms, imports, undo,
-- and an older Argus beside this one.

-- How a name is compared: NFKC, lower case, without variation selectors and zero-width characters, katakana, and one form of each kanji
-- (the new form of every old one, by OpenCC's table, and variants that are common in names). Only functions of PostgreSQL itself, as a
-- dump is restored with an empty search path.
CREATE FUNCTION argus_fold(value TEXT) RETURNS TEXT LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $fold$
DECLARE
  folded TEXT;
BEGIN
  IF octet_length(value) = length(value) THEN RETURN lower(value); END IF;
  folded := regexp_replace(lower(normalize(value, NFKC)), '[\ufe00-\ufe0f\u200b-\u200d\ufeff\U000e0100-\U000e01ef]', '', 'g');
  -- translate() compares each character with the whole list; most names have none of them.
  IF folded !~ '[ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖ萬與兩竝乘亂龜豫爭亙亞佛假會傳體餘倂價儉僞兒黨圓寫凛處劍劑剩勵勞效敕勸勳區醫單卽嚴參雙收敍臺號啞營囑嚙團圍圖國圈壓墮壘鹽增壞壤壯聲壹賣變奧奬孃學寶實寬寢對壽專將堯盡屆屬嶽峽巖巢卷帶歸廳廣廢辨貳彌彎彈當徑從德徵應戀恆惠惱惡慘愼懷戰戲戾拂拔擇擔拜據擴擧挾插搜揭搔搖攝擊攪數齊齋斷舊晝晄晚曉曆曾條來樞榮櫻枡棧檜檢樓樂槪樣槇權橫缺歐歡步齒歲歷殘毆殼每氣澤濾淨淺濱淚渴濟涉澁溪溫灣濕滿瀧滯潛瀨燈爐點爲燒犧狀獨狹獵獻獸甁畫疊瘦癡發盜縣眞硏碎禮禰禱祿禪祕稱稻穗穩穰竊龍粹肅絲經繪繼續總綠緖緣繩縱纖繡罐飜聽膽腳脫腦臟艷蘆藝莖莊萠蔣藏薰藥虛蟲蠶螢蠻蠟衞裝襃霸覺覽觀觸譯證譽說讀謠讓豐贊踐轉輕辭邊遞遲遙郞鄕醉醬釀釋鐵鑛錢鑄鍊錄鎭關閱鬭陷險隨隱雜靈靜穎賴顏顯餠驛驅騷驗髓髮鷗鷄鹼麥麴麵黃黑默齡髙﨑嵜濵栁嶋嶌舘冨斎槗𣘺𠮷桒邉淵曻籏鉃逹閒淸靑敎峯薗藪籠埜蠣靏靍鸖圡凉翆內戶吳瑤]' THEN RETURN folded; END IF;
  RETURN translate(folded,
    'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖ萬與兩竝乘亂龜豫爭亙亞佛假會傳體餘倂價儉僞兒黨圓寫凛處劍劑剩勵勞效敕勸勳區醫單卽嚴參雙收敍臺號啞營囑嚙團圍圖國圈壓墮壘鹽增壞壤壯聲壹賣變奧奬孃學寶實寬寢對壽專將堯盡屆屬嶽峽巖巢卷帶歸廳廣廢辨貳彌彎彈當徑從德徵應戀恆惠惱惡慘愼懷戰戲戾拂拔擇擔拜據擴擧挾插搜揭搔搖攝擊攪數齊齋斷舊晝晄晚曉曆曾條來樞榮櫻枡棧檜檢樓樂槪樣槇權橫缺歐歡步齒歲歷殘毆殼每氣澤濾淨淺濱淚渴濟涉澁溪溫灣濕滿瀧滯潛瀨燈爐點爲燒犧狀獨狹獵獻獸甁畫疊瘦癡發盜縣眞硏碎禮禰禱祿禪祕稱稻穗穩穰竊龍粹肅絲經繪繼續總綠緖緣繩縱纖繡罐飜聽膽腳脫腦臟艷蘆藝莖莊萠蔣藏薰藥虛蟲蠶螢蠻蠟衞裝襃霸覺覽觀觸譯證譽說讀謠讓豐贊踐轉輕辭邊遞遲遙郞鄕醉醬釀釋鐵鑛錢鑄鍊錄鎭關閱鬭陷險隨隱雜靈靜穎賴顏顯餠驛驅騷驗髓髮鷗鷄鹼麥麴麵黃黑默齡髙﨑嵜濵栁嶋嶌舘冨斎槗𣘺𠮷桒邉淵曻籏鉃逹閒淸靑敎峯薗藪籠埜蠣靏靍鸖圡凉翆內戶吳瑤',
    'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶ万与両並乗乱亀予争亘亜仏仮会伝体余併価倹偽児党円写凜処剣剤剰励労効勅勧勲区医単即厳参双収叙台号唖営嘱噛団囲図国圏圧堕塁塩増壊壌壮声壱売変奥奨嬢学宝実寛寝対寿専将尭尽届属岳峡巌巣巻帯帰庁広廃弁弐弥弯弾当径従徳徴応恋恒恵悩悪惨慎懐戦戯戻払抜択担拝拠拡挙挟挿捜掲掻揺摂撃撹数斉斉断旧昼晃晩暁暦曽条来枢栄桜桝桟桧検楼楽概様槙権横欠欧歓歩歯歳歴残殴殻毎気沢沪浄浅浜涙渇済渉渋渓温湾湿満滝滞潜瀬灯炉点為焼犠状独狭猟献獣瓶画畳痩痴発盗県真研砕礼祢祷禄禅秘称稲穂穏穣窃竜粋粛糸経絵継続総緑緒縁縄縦繊繍缶翻聴胆脚脱脳臓艶芦芸茎荘萌蒋蔵薫薬虚虫蚕蛍蛮蝋衛装褒覇覚覧観触訳証誉説読謡譲豊賛践転軽辞辺逓遅遥郎郷酔醤醸釈鉄鉱銭鋳錬録鎮関閲闘陥険随隠雑霊静頴頼顔顕餅駅駆騒験髄髪鴎鶏鹸麦麹麺黄黒黙齢高崎崎浜柳島島館富斉橋橋吉桑辺渕昇旗鉄達間清青教峰園薮篭野蛎鶴鶴鶴土涼翠内戸呉瑶');
END
$fold$;

-- What a search looks into: without blanks, as people type 佐藤花子 for 佐藤 花子.
CREATE FUNCTION argus_search_form(value TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $form$
  SELECT regexp_replace(value, '\s+', '', 'g')
$form$;

-- The characters of a text beyond ASCII, for an index that finds names of two characters, which trigrams cannot.
CREATE FUNCTION argus_letters(value TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $letters$
  SELECT string_to_array(regexp_replace(value, '[\x01-\x7f]+', '', 'g'), NULL)
$letters$;

-- AlterTable
ALTER TABLE "Account" ADD COLUMN "reading" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "nameOrderKey" TEXT COLLATE "C",
  ADD COLUMN "searchText" TEXT COLLATE "C";
ALTER TABLE "AccountLink" ADD COLUMN "searchText" TEXT COLLATE "C";

-- Triggers, not generated columns: an older Argus writes whole rows back, which a generated column refuses.
CREATE FUNCTION argus_fold_account() RETURNS trigger LANGUAGE plpgsql AS $account$
DECLARE
  name TEXT := argus_fold(NEW."displayName");
  reading TEXT := argus_fold(NEW."reading");
BEGIN
  NEW."nameOrderKey" := btrim(regexp_replace(CASE WHEN reading = '' THEN name ELSE reading END, '\s+', ' ', 'g'));
  NEW."searchText" := argus_search_form(name) || E'\n' || argus_search_form(reading) || E'\n' || argus_fold(NEW."username");
  RETURN NEW;
END
$account$;
CREATE FUNCTION argus_fold_link() RETURNS trigger LANGUAGE plpgsql AS $link$
BEGIN
  NEW."searchText" := argus_fold(NEW."microsoftAccount");
  RETURN NEW;
END
$link$;
CREATE TRIGGER argus_fold BEFORE INSERT OR UPDATE OF "displayName", "reading", "username" ON "Account"
  FOR EACH ROW EXECUTE FUNCTION argus_fold_account();
CREATE TRIGGER argus_fold BEFORE INSERT OR UPDATE OF "microsoftAccount" ON "AccountLink"
  FOR EACH ROW EXECUTE FUNCTION argus_fold_link();
UPDATE "Account" SET "reading" = '';
UPDATE "AccountLink" SET "microsoftAccount" = "microsoftAccount";

-- CreateIndex
CREATE INDEX "Account_nameOrderKey_id_idx" ON "Account"("nameOrderKey", "id");
CREATE INDEX "Account_lastSignInAt_id_idx" ON "Account"("lastSignInAt", "id");

-- The kinds of accounts that the table filters and sorts by.
DROP INDEX "Account_admins_idx";
DROP INDEX "Account_inactive_idx";
CREATE INDEX "Account_admins_idx" ON "Account"("nameOrderKey", "id") WHERE "role" = 'admin';
CREATE INDEX "Account_inactive_idx" ON "Account"("nameOrderKey", "id") WHERE NOT "active";
CREATE INDEX "Account_ready_idx" ON "Account"("nameOrderKey", "id") WHERE "active" AND "passwordHash" IS NOT NULL;
CREATE INDEX "Account_without_password_idx" ON "Account"("nameOrderKey", "id") WHERE "active" AND "passwordHash" IS NULL;

CREATE INDEX "Account_letters_idx" ON "Account" USING gin (argus_letters("searchText"));
CREATE INDEX "AccountLink_letters_idx" ON "AccountLink" USING gin (argus_letters("searchText"));

-- Trigrams make parts of addresses fast. Where a database does not offer them, the same search reads more rows.
DO $trigrams$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  -- Expressions, as Prisma would otherwise see an index that is not everywhere.
  CREATE INDEX "Account_trigrams_idx" ON "Account" USING gin (("searchText" || '') gin_trgm_ops);
  CREATE INDEX "AccountLink_trigrams_idx" ON "AccountLink" USING gin (("searchText" || '') gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'pg_trgm is not available: %', SQLERRM;
END
$trigrams$;
