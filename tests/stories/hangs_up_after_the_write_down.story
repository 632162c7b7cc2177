# The call drops right after the time was chosen. The request is there all the same and goes out with what is
# known, a little later, because more answers could have come.
dial
> 4
> 2
< A helper will call you. One help service at a time gets your number. We keep it 30 days at most.⏎{on} Next 0 No
> {on}
> 1
< Saved. Code {code}: remember it. When we call, we say {ours} and you answer {word}.⏎1 Next 0 End
hang up
kg-country gets nothing
wait 45 seconds
kg-country gets: Request: place not said, EN, need not said, age not said, any time. NO/YES {offer}
