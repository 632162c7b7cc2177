country TM
# This morning only, in Turkmen. Who presses a wrong key is asked again.
dial
> 1
> 2
< Jaň ederis. Nomer bir wagtda bir gullukda, iň köp 30 gün⏎{on} Dowam 0 Ýok
> {on}
< Bes etmek: menýuda. Jaň:⏎1 Gün boýy⏎2 Irden⏎3 Gündiz⏎4 Agşam⏎0 Ýok
> 2
< Ýazyldy. {code} ýat tutuň. {ours} diýsek, siz {word}.⏎1 Dowam 0 Tamam
> 1
< Ýaşyňyz näçe?⏎1 18-den kiçi⏎2 18 ýa-da uly⏎0 Geçmek
> 0
< Haýsy gün?⏎1 Her gün⏎2 Diňe ertir⏎3 Saýlamak⏎4 Diňe şu gün⏎0 Yza
> 7
< Diňe 1-4:⏎1 Her gün⏎2 Diňe ertir⏎3 Saýlamak⏎4 Diňe şu gün⏎0 Yza
> 4
< Siz nirede?⏎1 Mary⏎2 Daşoguz⏎3 Lebap⏎4 Aşgabat⏎5 Ahal⏎9 Ýene⏎0 Geçmek
> 0
< Nähili kömek gerek?⏎1 Pul bermeýär⏎2 Pasport aldy⏎9 Ýene⏎0 Geçmek
> 0
< Jaňa başga adam jogap berse, gürleşelimi?⏎1 Hawa⏎0 Ýok
> 0
< Habar goýsak bolarmy?⏎1 Hawa⏎0 Ýok
> 0
< Başgalara kimdigimizi aýtsak bolarmy?⏎2 Hawa⏎0 Ýok
> 0
< Size SMS ýazsak bolarmy?⏎1 Hawa⏎0 Ýok
> 0
< Ilki biz {any_ours}, soň siz {any_word}. Başga söz? Kesiň.⏎1 Dowam 0 Tamam
> 1
< Howplumy? Ýalňyş jaň etdiňiz diýiň. Biz keseris.⏎1 Dowam⏎0 Tamam
> 0
< Jaň ederis: 24.11 09:00-12:00. Bes etmek: täzeden aýlaň.
