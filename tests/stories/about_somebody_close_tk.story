country TM
# For the family of somebody, in Turkmen. Nobody learns whether anybody called (R25). Held by force is urgent.
dial
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎5 O'zbekcha⏎8 SOS
> 1
< Nähili kömek edeli?⏎1 Howp⏎2 Maňa jaň ediň⏎3 Saglyk⏎4 Maslahat⏎9 Ýene
> 9
< Ýene:⏎1 Ýakynym üçin⏎2 Haýyşym⏎3 Jaňy bes etmek⏎4 Hünärmenlere
> 1
< Näme boldy?⏎1 Gabadylar⏎2 Habar ýok⏎3 Maňa jaň ediň⏎9 Ýene
> 1
< Gabadylarmy, urýarlarmy? 002?, 003? aýlaň.⏎9 Ýene
> 9
< Bizden kimiň kömek soranyny hiç kime aýtmarys.⏎1 Dowam
> 1
< Size häzir jaň edelimi?⏎1 Hawa⏎2 Näme diýmeli⏎3 Nomerler⏎0 Ýok
> 1
< Jaň ederis. Nomer bir wagtda bir gullukda. Bes şunda.⏎{on} Dowam 0 Ýok
> {on}
< Nomer 30 güne çenli. Bes etmek şunda. Haçan?⏎1 Häzir⏎2 Soňrak⏎0 Ýok
> 1
< Ýazyldy. Kod {code}, sözüňiz {word}, biziňki {ours}.⏎1 Dowam 0 Tamam
> 1
< Siz nirede?⏎1 Mary⏎2 Daşoguz⏎3 Lebap⏎4 Aşgabat⏎5 Ahal⏎9 Ýene⏎0 Geçmek
hang up
tm-coordinator-1 gets: Опасно: место неясно, TK, что нужно: ?, СЕЙЧАС. Помогите службе.
tm-country gets: Request: place not said, TK, need not said, age not said, about someone close, NOW. NO/YES {offer}

other dials
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎5 O'zbekcha⏎8 SOS
> 1
< Nähili kömek edeli?⏎1 Howp⏎2 Maňa jaň ediň⏎3 Saglyk⏎4 Maslahat⏎9 Ýene
> 9
< Ýene:⏎1 Ýakynym üçin⏎2 Haýyşym⏎3 Jaňy bes etmek⏎4 Hünärmenlere
> 1
< Näme boldy?⏎1 Gabadylar⏎2 Habar ýok⏎3 Maňa jaň ediň⏎9 Ýene
> 1
< Gabadylarmy, urýarlarmy? 002?, 003? aýlaň.⏎9 Ýene
> 9
< Bizden kimiň kömek soranyny hiç kime aýtmarys.⏎1 Dowam
> 1
< Size häzir jaň edelimi?⏎1 Hawa⏎2 Näme diýmeli⏎3 Nomerler⏎0 Ýok
> 2
< Aýdyň: adamy zor bilen saklaýarlar.⏎9 Ýene
> 9
< Nirede, haçandan bäri? Hemmesini bilmeseňiz-de, jaň ediň.⏎9 Ýene
> 9
< Başga ýurtda: şol ýeriň polisiýasy, biziň konsullyk.⏎9 Ýene
> 9
< Özüňiz barmaň, hojaýyna aýtmaň.⏎1 Dowam
> 1
< Size häzir jaň edelimi?⏎1 Hawa⏎2 Näme diýmeli⏎3 Nomerler⏎0 Ýok
> 3
< Gürleşmek +99312463514?.⏎9 Ýene
> 9
< Daşary ýurt: Russiýa, Gazagystan, Türkiýe, Polşa 112?.⏎9 Ýene
> 9
< Koreýa: polisiýa 112?, lukman 119?.⏎9 Ýene
> 9
< Emirlikler: polisiýa 999?, lukman 998?.⏎9 Ýene
> 9
< Beýleki ilçihanalar - Daşary işler ministrliginiň saýtynda.⏎9 Ýene
> 9
< Ilki soraň: kim biler? Howp bolsa: 002?, 003?.⏎1 Dowam
> 1
< Indi:⏎1 Maňa jaň ediň⏎2 Ýene okamak⏎0 Tamam
> 2
< Näme boldy?⏎1 Gabadylar⏎2 Habar ýok⏎3 Maňa jaň ediň⏎9 Ýene
> 9
< Ýene:⏎1 Jogap ýok⏎2 Gaýdyp geldi⏎3 Nomerler
> 3
< Gürleşmek +99312463514?.⏎9 Ýene
> 9
< Daşary ýurt: Russiýa, Gazagystan, Türkiýe, Polşa 112?.⏎9 Ýene
> 9
< Koreýa: polisiýa 112?, lukman 119?.⏎9 Ýene
> 9
< Emirlikler: polisiýa 999?, lukman 998?.⏎9 Ýene
> 9
< Beýleki ilçihanalar - Daşary işler ministrliginiň saýtynda.⏎9 Ýene
> 9
< Ilki soraň: kim biler? Howp bolsa: 002?, 003?.⏎1 Dowam
> 1
< Indi:⏎1 Maňa jaň ediň⏎2 Ýene okamak⏎0 Tamam
> 0
< Aman boluň. Howp bolsa: 002?, 003?. Gürleşmek: +99312463514?.

third dials
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎5 O'zbekcha⏎8 SOS
> 1
< Nähili kömek edeli?⏎1 Howp⏎2 Maňa jaň ediň⏎3 Saglyk⏎4 Maslahat⏎9 Ýene
> 9
< Ýene:⏎1 Ýakynym üçin⏎2 Haýyşym⏎3 Jaňy bes etmek⏎4 Hünärmenlere
> 1
< Näme boldy?⏎1 Gabadylar⏎2 Habar ýok⏎3 Maňa jaň ediň⏎9 Ýene
> 2
< Soňky gezek haçan gürleşdiňiz?⏎9 Ýene
> 9
< Nirä, kim bilen gitdi, kime işleýär?⏎9 Ýene
> 9
< Ählisini, nomerlerini hem ýazyň. Habarlary saklaň.⏎9 Ýene
> 9
< Ilçihana ýa polisiýa gözläp biler.⏎9 Ýene
> 9
< Nähili gözlejegini öňünden soraň. Nätanyşa pul bermäň.⏎9 Ýene
> 9
< Suratyny paýlaşmaň. Käbir adam tapylmak islänok.⏎1 Dowam
> 1
< Indi:⏎1 Maňa jaň ediň⏎2 Ýene okamak⏎0 Tamam
> 1
< Size aladaňyz barada jaň edip bileris.⏎9 Ýene
> 9
< Kim kömek sorady, hiç kime aýtmarys. Hawa-da, ýok-da diýmeris.⏎9 Ýene
> 9
< Şonda her kim gorkman sorar, siz hem.⏎1 Dowam
> 1
< Size jaň edelimi?⏎1 Hawa⏎0 Ýok
> 1
< Jaň ederis. Nomer bir wagtda bir gullukda. Bes şunda.⏎{next} Dowam 0 Ýok
hang up

fourth dials
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎5 O'zbekcha⏎8 SOS
> 1
< Nähili kömek edeli?⏎1 Howp⏎2 Maňa jaň ediň⏎3 Saglyk⏎4 Maslahat⏎9 Ýene
> 9
< Ýene:⏎1 Ýakynym üçin⏎2 Haýyşym⏎3 Jaňy bes etmek⏎4 Hünärmenlere
> 1
< Näme boldy?⏎1 Gabadylar⏎2 Habar ýok⏎3 Maňa jaň ediň⏎9 Ýene
> 9
< Ýene:⏎1 Jogap ýok⏎2 Gaýdyp geldi⏎3 Nomerler
> 1
< Jogap ýokmy? Belki işde, telefony ýok ýa-da gorkýar.⏎9 Ýene
> 9
< Bir mylaýym habar ýazyň: sen ýadymda, boşan wagtyň jaň et.⏎9 Ýene
> 9
< Sorag bermäň: başgalar okap biler. Hojaýynyna jaň etmäň.⏎9 Ýene
> 9
< Nomeriňizi çalyşmaň.⏎1 Dowam
> 1
< Indi:⏎1 Maňa jaň ediň⏎2 Ýene okamak⏎0 Tamam
> 2
< Näme boldy?⏎1 Gabadylar⏎2 Habar ýok⏎3 Maňa jaň ediň⏎9 Ýene
> 9
< Ýene:⏎1 Jogap ýok⏎2 Gaýdyp geldi⏎3 Nomerler
> 2
< Ýanynda boluň. Iýsin, dynç alsyn, özi çözsün. Günälemäň.⏎9 Ýene
> 9
< Näme bolanyny soramaň, aýtsa diňläň.⏎9 Ýene
> 9
< Dymmak, gahar, gorky - adaty zat, geň görmäň.⏎9 Ýene
> 9
< Rugsatsyz hiç kime aýtmaň.⏎9 Ýene
> 9
< Öleýin diýse, ýanynda boluň, 002?, 003? nomerine jaň ediň.⏎1 Dowam
> 1
< Indi:⏎1 Maňa jaň ediň⏎2 Ýene okamak⏎0 Tamam
> 0
< Aman boluň. Howp bolsa: 002?, 003?. Gürleşmek: +99312463514?.

fifth dials
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎5 O'zbekcha⏎8 SOS
> 1
< Nähili kömek edeli?⏎1 Howp⏎2 Maňa jaň ediň⏎3 Saglyk⏎4 Maslahat⏎9 Ýene
> 9
< Ýene:⏎1 Ýakynym üçin⏎2 Haýyşym⏎3 Jaňy bes etmek⏎4 Hünärmenlere
> 1
< Näme boldy?⏎1 Gabadylar⏎2 Habar ýok⏎3 Maňa jaň ediň⏎9 Ýene
> 3
< Size aladaňyz barada jaň edip bileris.⏎9 Ýene
> 9
< Kim kömek sorady, hiç kime aýtmarys. Hawa-da, ýok-da diýmeris.⏎9 Ýene
> 9
< Şonda her kim gorkman sorar, siz hem.⏎1 Dowam
> 1
< Size jaň edelimi?⏎1 Hawa⏎0 Ýok
> 0
< Aman boluň. Howp bolsa: 002?, 003?. Gürleşmek: +99312463514?.
