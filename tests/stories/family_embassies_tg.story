country TJ
# The family of somebody in Russia, in Tajik: our consul there and what to say, in one call and without a request.
dial
> 1
> 5
> 9
> 3
< Суҳбат 1313?. Аввал пурсед, ба кӣ мегӯянд. Хатар: 102?, 103?.⏎1 Давом
> 1
< Дар хориҷа? Куҷо?⏎1 Русия⏎2 Қазоқистон⏎3 Туркия⏎4 Корея⏎9 Боз⏎0 Не
> 1
< Русия: консули мо +74956904186?, ёрӣ 112?.⏎9 Боз
> 9
< Гӯед, ки одам куҷост ва аз кай. Аввал пурсед, ба кӣ мегӯянд.⏎1 Давом
> 1
hang up
