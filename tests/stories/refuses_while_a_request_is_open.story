# Somebody who has asked to be called dials again and says no. The first request stays open, so no screen may say that
# nobody calls. Nor does a screen say that there is a request: somebody else may hold the phone.
at 13:00
dial
> 4
> 2
< A helper will call you. One help service at a time gets your number. We keep it 30 days at most.⏎{on} Next 0 No
> {on}
> 1
hang up
wait 45 seconds
kg-country gets: Request: place not said, EN, need not said, age not said, any time. NO/YES {offer}
dial
> 4
> 2
> 0
< OK, nothing new is saved. In danger? Call 102?, 103?. To talk: 189?.
kg-country sends: YES {offer}
request is claimed
