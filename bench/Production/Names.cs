using System.Text;

namespace MediaPlatform.Bench.Production;

/// <summary>Names as an archive has them: of several languages and scripts, some of them frequent and most of them rare. The same for the same number.</summary>
internal static class Names
{
    private static readonly (string[] Given, string[] Stems, string[] Endings)[] Languages =
    [
        (
            [.. "Anna Maria Emma Sophie Laura Julia Lena Clara Zoë Chloé Renée Amélie Éloïse Inès Maëlle Noémie Élodie Aurélie Camille Manon Lucie Jeanne Paul Lucas Hugo Léo Théo Raphaël Étienne François Jérôme Benoît Gaël Loïc".Split(' ')],
            [.. "Mor Dub Lef Ber Gir Rous Bon Four Mer Bou Per Cha Gau Lac Mas Ren Vin Tour Beau Vil Cor Del Fab Gran Hub Jol Lam Mich Nog Pel Quer Riv Sau Thib Val".Split(' ')],
            [.. "eau ard ois nier tier main lois ville court ault ey on et in ère aud illon asse elle oux".Split(' ')]),
        (
            [.. "Emily Olivia Grace Hannah Abigail Chloe Madison Ella Lily Charlotte Amelia Harper Evelyn Scarlett Ruby Jack Oliver Harry George Noah Charlie Jacob Thomas Oscar William James Henry Samuel Daniel Isaac Edward Leo Arthur Finley Jonathan Christopher Matthew Nicholas".Split(' ')],
            [.. "Hart Wood Ash Black White Brown Stone Hill Green West North Thorn Brook Clay Dun Fair Gray Hol Kirk Lang Mid Old Pem Rad Stan Thorp Under Wal Whit Win Wolf York Cart Chad Bex".Split(' ')],
            [.. "ley ton ford well field worth man son wick bury land stone more combe er ing ham by croft wood".Split(' ')]),
        (
            [.. "Anastasia Ekaterina Natalia Olga Irina Svetlana Tatiana Daria Polina Ksenia Vera Yulia Alexei Dmitri Ivan Mikhail Nikolai Pavel Sergei Vladimir Yuri Boris Andrei Kirill Zofia Agnieszka Małgorzata Łukasz Paweł Wojciech Jiří Ondřej Zdeněk Štěpán".Split(' ')],
            [.. "Petr Ivan Sokol Kuzn Volk Moroz Novik Lebed Kozl Pavl Semen Golub Vinogr Bogd Voron Zhuk Karp Orl Makar Zait Solov Boris Yakov Grig Roman Kisel Kowal Wiśni Lewand Zielin Szyman Wójt Dvoř Horá Nováč".Split(' ')],
            [.. "ov ova ev eva sky skaya enko ik ich uk owski owska ewicz czyk ák ková".Split(' ')]),
        (
            [.. "Екатерина Анастасия Мария Анна Ольга Наталья Ирина Дарья Полина Ксения Вера Юлия Алексей Дмитрий Иван Михаил Николай Павел Сергей Владимир Юрий Борис Андрей Кирилл".Split(' ')],
            [.. "Петр Иван Сокол Кузнец Волк Мороз Новик Лебед Козл Павл Семен Голуб Виноград Богдан Ворон Жук Карп Орл Макар Зайц Солов Борис Яков Григ Роман Кисел".Split(' ')],
            [.. "ов ова ев ева ский ская енко ин ина ич ук".Split(' ')]),
        (
            [.. "Lucía Sofía María José Martín Nicolás Mateo Álvaro Íñigo Jesús Ángel Rocío Belén Concepción Guadalupe Itziar Ximena Valentina Camila Isabella Daniela Alejandra Beatriz João Inês Conceição Gonçalo Tomás Simão Leonor Mafalda".Split(' ')],
            [.. "Fern Gonz Rodr Mart Hern Gut Jim Álv Dom Ram Sánch Núñ Ord Quint Sald Urr Vill Zap Cast Delg Esp Fig Goñ Ibarr Lozan Mald Nav Oliv Pach Rib Silv Teix Vasc".Split(' ')],
            [.. "ández ález íguez ínez énez ez era eira ado ano illa illo osa oso ero ares ida al ón eda".Split(' ')]),
        (
            [.. "Müge Ayşe Zeynep Elif Gülşah Özlem Şule Çağla Ömer Yiğit Emre Mehmet İbrahim Burak Cem Deniz Güneş Astrid Ingrid Sigrún Guðrún Björk Þóra Søren Jørgen Åse Märta Göran Lindström Päivi Jyrki Väinö Ülle Õnne".Split(' ')],
            [.. "Yıl Öz Kara Çel Şah Gün Demir Kor Ak Tek Lind Berg Sjö Ström Nord Hög Kivi Mäki Niem Virt Sól Þor Hall Gunn Eir".Split(' ')],
            [.. "maz türk kaya dağ oğlu er ler soy kan taş qvist gren dahl lund ström nen lä sson dóttir bakk".Split(' ')]),
        (
            [.. "מרים שרה רחל לאה תמר נועה מאיה יעל דנה שירה דוד משה יוסף אברהם יצחק יעקב דניאל איתן אורי נועם عائشة فاطمة مريم خديجة ليلى نور سارة محمد أحمد علي حسن حسين يوسف إبراهيم خالد".Split(' ')],
            [.. "כה לו מזר פרי אוח ביט גבא דה אזו עמר שמע בן الح الس الم الع الن الر الف الخ الب".Split(' ')],
            [.. "ן י חי יון ון אי ה ול רי יד ور ير ان ي اد وي ام ار".Split(' ')]),
    ];

    private static readonly string[] EastAsian =
    [
        .. from family in "佐藤 鈴木 高橋 田中 渡辺 伊藤 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 王 李 张 刘 陈 杨 黄 赵 吴 周 김 이 박 최 정 강 조 윤 장 임".Split(' ')
           from given in "美咲 陽菜 結衣 さくら 葵 凛 翔太 大輔 健太 拓海 美穂 玲奈 伟 芳 娜 秀英 敏 静 丽 强 磊 军 洋 勇 艳 杰 민준 서연 지우 하윤 예준 서준 도윤 지민 수빈 하은".Split(' ')
           select family + given,
    ];

    private static readonly string[] Stage = [.. "Velvet Golden Silver Midnight Ivory Crimson Scarlet Royal Electric Wild Paper Neon Sugar Honey Amber Cherry Vanilla Cosmic Lunar Solar".Split(' ')];
    private static readonly string[] Nouns = [.. "Harbour Mirror Fox Rose Lily Storm River Raven Sparrow Tiger Moon Star Echo Ember Willow Jade Pearl Ruby Sky Bloom".Split(' ')];

    /// <summary>What the person of this number is called.</summary>
    public static string Of(int number)
    {
        var random = new Random(number);
        if (random.Next(20) == 0) return EastAsian[random.Next(EastAsian.Length)];
        var (given, stems, endings) = Languages[Often(random, Languages.Length)];
        var name = new StringBuilder(given[Often(random, given.Length)]);
        if (random.Next(4) == 0) name.Append(random.Next(2) == 0 ? ' ' : '-').Append(given[random.Next(given.Length)]);
        name.Append(' ').Append(Family());
        if (random.Next(6) == 0) name.Append(random.Next(2) == 0 ? ' ' : '-').Append(Family());
        return name.ToString();

        string Family() => string.Concat(stems[random.Next(stems.Length)], random.Next(3) == 0 ? endings[random.Next(endings.Length)].Trim('ö') : "", endings[Often(random, endings.Length)]);
    }

    /// <summary>The two other names of a person.</summary>
    public static IEnumerable<string> AliasesOf(int number)
    {
        var random = new Random(-number);
        var words = Of(number).Split(' ', '-');
        yield return words.Length == 1 ? $"{words[0]} {random.Next(100)}" : random.Next(3) switch
        {
            0 => $"{words[0][0]}. {words[^1]}",
            1 => $"{words[0]} {words[^1][0]}.",
            _ => $"{words[0].ToLowerInvariant()}{words[^1].ToLowerInvariant()}{random.Next(100)}",
        };
        yield return random.Next(2) == 0 ? $"{Stage[random.Next(Stage.Length)]} {Nouns[random.Next(Nouns.Length)]} {number % 5_000}" : $"{words[0]} {Nouns[random.Next(Nouns.Length)]}{number}";
    }

    /// <summary>The name as somebody writes it who does not know how it is spelled: one or two letters wrong, in different words, or the words exchanged.</summary>
    public static string Misspelt(string name, Random random)
    {
        var words = name.Split(' ');
        if (words.Length == 2 && random.Next(10) == 0) return $"{words[1]} {Wrong(words[0], random)}";

        var places = Enumerable.Range(0, words.Length).Where(place => words[place].Length > 3).OrderBy(_ => random.Next()).Take(random.Next(3) == 0 ? 2 : 1);
        foreach (var place in places) words[place] = Wrong(words[place], random);
        return string.Join(' ', words);
    }

    private static string Wrong(string word, Random random)
    {
        if (word.Length < 3) return word;
        var at = random.Next(1, word.Length - 1); // few mistake the first letter
        return random.Next(5) switch
        {
            0 => word.Remove(at, 1),
            1 => word.Insert(at, word[at].ToString()),
            2 => $"{word[..at]}{word[at + 1]}{word[at]}{word[(at + 2)..]}",
            3 => $"{word[..at]}{word[random.Next(word.Length)]}{word[(at + 1)..]}",
            _ => word.Insert(at, word[random.Next(word.Length)].ToString()),
        };
    }

    /// <summary>One of so many, the first the most often.</summary>
    private static int Often(Random random, int count) => (int)(count * Math.Pow(random.NextDouble(), 2));
}
